use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::import::Limits;
use crate::json::{Json, Value as Node};

pub(super) const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// Certificates of one bundle that are read.
const MOST_CERTIFICATES: usize = 16;

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
        let json = Json::read(bytes, limits);
        let root = json.root().filter(|root| root.is_object() && json.is_sound()).ok_or(BundleError::Json)?;
        let media = root.text_of("mediaType").unwrap_or_default();
        if media != MEDIA_TYPE {
            return Err(BundleError::MediaType(crate::import::shown(&media)));
        }
        let envelope = root.get("dsseEnvelope").ok_or(BundleError::Field("dsseEnvelope"))?;
        let kind = envelope.text_of("payloadType").unwrap_or_default();
        if kind != PAYLOAD_TYPE {
            return Err(BundleError::PayloadType(crate::import::shown(&kind)));
        }
        let mut signatures = envelope.get("signatures").into_iter().flat_map(Node::items);
        // The bundle format allows one signature.
        let (Some(signature), None) = (signatures.next(), signatures.next()) else {
            return Err(BundleError::Field("signatures"));
        };
        let material = root.get("verificationMaterial").ok_or(BundleError::Field("verificationMaterial"))?;
        Ok(Self {
            payload: decode(envelope.text_of("payload").as_deref(), "payload")?,
            signature: decode(signature.text_of("sig").as_deref(), "sig")?,
            material: Self::material(material)?,
        })
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

    /// The bytes that are signed (DSSE protocol v1, "pre-authentication encoding").
    pub(super) fn authenticated(payload: &[u8]) -> Vec<u8> {
        let mut bytes = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
        bytes.extend_from_slice(payload);
        bytes
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
                    text.push_str(&crate::import::hexadecimal(&[byte]));
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

fn decode(text: Option<&str>, field: &'static str) -> Result<Vec<u8>, BundleError> {
    STANDARD.decode(text.ok_or(BundleError::Field(field))?).map_err(|_| BundleError::Base64(field))
}
