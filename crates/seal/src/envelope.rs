use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use stillwatch_core::Limits;
use stillwatch_json::{Json, Value as Node};

pub(super) const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// Certificates of one bundle that are read.
const MOST_CERTIFICATES: usize = 16;

/// Signatures of one envelope that are read.
const MOST_SIGNATURES: usize = 16;

/// A DSSE envelope (protocol v1), bare or within a Sigstore bundle, not yet verified.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The type of the payload, which is signed with it.
    pub kind: String,
    pub payload: Vec<u8>,
    pub(super) signatures: Vec<(Vec<u8>, Material)>,
}

impl Envelope {
    /// The envelope that an object is or holds; `None` if it has none.
    pub fn find(root: Node<'_>) -> Option<Result<Self, BundleError>> {
        let bundle = root.get("dsseEnvelope");
        let envelope = bundle.unwrap_or(root);
        envelope.get("payload")?;
        let own = root.get("verificationMaterial");
        let of_all = match (bundle, own) {
            (None, _) => Ok(None),
            (Some(_), None) => Err(BundleError::Field("verificationMaterial")),
            (Some(_), Some(own)) => Bundle::material(own).map(Some),
        };
        Some(of_all.and_then(|of_all| Self::read(envelope, of_all.as_ref())))
    }

    /// `of_all`: what a bundle holds to verify its signatures with.
    fn read(envelope: Node<'_>, of_all: Option<&Material>) -> Result<Self, BundleError> {
        let mut signatures = Vec::new();
        for one in envelope.get("signatures").into_iter().flat_map(Node::items).take(MOST_SIGNATURES) {
            let material = match (of_all, one.text_of("cert")) {
                (Some(material), _) => material.clone(),
                (None, Some(pem)) if !pem.is_empty() => {
                    Material::Chain(super::certificate::chain(pem.as_bytes()).ok_or(BundleError::Field("cert"))?)
                }
                (None, _) => Material::Bare,
            };
            signatures.push((decode(one.text_of("sig").as_deref(), "sig")?, material));
        }
        if signatures.is_empty() {
            return Err(BundleError::Field("signatures"));
        }
        Ok(Self {
            kind: envelope.text_of("payloadType").unwrap_or_default().into_owned(),
            payload: decode(envelope.text_of("payload").as_deref(), "payload")?,
            signatures,
        })
    }

    /// The bytes that are signed (DSSE protocol v1, "pre-authentication encoding").
    pub(super) fn authenticated(&self) -> Vec<u8> {
        authenticated(&self.kind, &self.payload)
    }
}

/// A Sigstore bundle with a DSSE envelope, not yet verified.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) material: Material,
}

/// What the signer says it can be verified with.
#[derive(Clone, Debug)]
pub(super) enum Material {
    /// SHA-256 of the public key in PEM; empty before release 1.1.
    Key(String),
    /// DER, the signer's first.
    Chain(Vec<Vec<u8>>),
    /// A short-lived certificate with an entry in a transparency log.
    Keyless,
    /// Nothing: an envelope without a bundle names its keys by hints that are not signed.
    Bare,
}

/// Why a file is no bundle that can be verified.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("the signature is no JSON object with unique keys")]
    Json,
    #[error("media type `{0}`; expected a Sigstore bundle of version 0.3")]
    MediaType(String),
    #[error("payload type `{0}`; expected an in-toto statement")]
    PayloadType(String),
    #[error("`{0}` is missing or of the wrong type")]
    Field(&'static str),
    #[error("`{0}` is no base64")]
    Base64(&'static str),
}

impl Bundle {
    /// Reads a bundle.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, BundleError> {
        Self::of(&Json::read(bytes, limits))
    }

    /// Reads a bundle that was read as JSON already.
    pub fn of(json: &Json<'_>) -> Result<Self, BundleError> {
        let root = json.root().filter(|root| root.is_object() && json.is_sound()).ok_or(BundleError::Json)?;
        let media = root.text_of("mediaType").unwrap_or_default();
        if media != MEDIA_TYPE {
            return Err(BundleError::MediaType(stillwatch_core::shown(&media)));
        }
        let envelope = Envelope::find(root).ok_or(BundleError::Field("dsseEnvelope"))??;
        if envelope.kind != PAYLOAD_TYPE {
            return Err(BundleError::PayloadType(stillwatch_core::shown(&envelope.kind)));
        }
        // The bundle format allows one signature, and always holds what to verify it with.
        let [(signature, material)] = envelope.signatures.as_slice() else {
            return Err(BundleError::Field("signatures"));
        };
        if matches!(material, Material::Bare) || root.get("dsseEnvelope").is_none() {
            return Err(BundleError::Field("dsseEnvelope"));
        }
        Ok(Self { signature: signature.clone(), material: material.clone(), payload: envelope.payload })
    }

    /// The signed bytes: an in-toto statement. Whoever reads them before verifying believes anybody.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    fn material(own: Node<'_>) -> Result<Material, BundleError> {
        if let Some(key) = own.get("publicKey") {
            return Ok(Material::Key(key.text_of("hint").unwrap_or_default().into_owned()));
        }
        if let Some(chain) = own.at(&["x509CertificateChain", "certificates"]) {
            let all = chain.items().take(MOST_CERTIFICATES);
            let all = all.map(|one| decode(one.text_of("rawBytes").as_deref(), "rawBytes"));
            return Ok(Material::Chain(all.collect::<Result<_, _>>()?));
        }
        if own.get("certificate").is_some() {
            Ok(Material::Keyless)
        } else {
            Err(BundleError::Field("verificationMaterial"))
        }
    }

    /// The bytes that are signed.
    pub(super) fn authenticated(payload: &[u8]) -> Vec<u8> {
        authenticated(PAYLOAD_TYPE, payload)
    }

    /// The bytes that releases before 1.0 of the reference tool signed with keys: it put the payload into the text the
    /// way Python prints bytes. The tool itself still accepts them.
    pub(super) fn authenticated_before_1_0(payload: &[u8]) -> Vec<u8> {
        let mut text = format!("DSSEV1 {} {PAYLOAD_TYPE} {} b", PAYLOAD_TYPE.len(), payload.len());
        let quote = if payload.contains(&b'\'') && !payload.contains(&b'"') { '"' } else { '\'' };
        text.push(quote);
        for &byte in payload {
            match byte {
                b'\\' => text.push_str("\\\\"),
                b'\n' => text.push_str("\\n"),
                b'\r' => text.push_str("\\r"),
                b'\t' => text.push_str("\\t"),
                _ if char::from(byte) == quote => {
                    text.push('\\');
                    text.push(quote);
                }
                b' '..=b'~' => text.push(char::from(byte)),
                _ => {
                    text.push_str("\\x");
                    text.push_str(&stillwatch_core::hexadecimal(&[byte]));
                }
            }
        }
        text.push(quote);
        text.into_bytes()
    }

    pub(super) fn write(payload: &[u8], signature: &[u8], hint: &str) -> String {
        serde_json::json!({
            "mediaType": MEDIA_TYPE,
            "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
            "dsseEnvelope": {
                "payload": STANDARD.encode(payload),
                "payloadType": PAYLOAD_TYPE,
                "signatures": [{"sig": STANDARD.encode(signature), "keyid": ""}],
            },
        })
        .to_string()
    }
}

fn authenticated(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// Bytes in either alphabet of base64, the standard or the URL-safe one, with or without padding (DSSE envelope, "Either
/// standard or URL-safe encoding is allowed"). A text that mixes both is neither.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=');
    if text.len() - plain.len() > 2 || plain.len() % 4 == 1 {
        return None;
    }
    let engine = if plain.contains(['-', '_']) { URL_SAFE_NO_PAD } else { STANDARD_NO_PAD };
    engine.decode(plain).ok()
}

fn decode(text: Option<&str>, field: &'static str) -> Result<Vec<u8>, BundleError> {
    base64(text.ok_or(BundleError::Field(field))?).ok_or(BundleError::Base64(field))
}
