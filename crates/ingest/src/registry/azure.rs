//! Azure: the diagnostic log `RequestResponse` of Azure OpenAI, and the two logs of API Management, which are joined:
//! `ApiManagementGatewayLogs` knows who asked, `ApiManagementGatewayLlmLog` what was said, in pieces of 32 KB. Names are
//! read in any case and with or without `properties`, since each way out of Azure writes them differently.

use crate::source::assembly::{Assembly, FIRST, SECOND};
use crate::source::draft::{Draft, Piece};
use crate::source::joining::Joining;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::Sign;
use crate::source::table::{How, Known, Line, apply};

pub(super) static SOURCE: LogSource = LogSource {
    name: "azure",
    title: "Azure OpenAI RequestResponse, API Management gateway and LLM logs",
    parts: &["gateway log or RequestResponse", "LLM log"],
    joining: Joining {
        halves: &[
            "LLM record without its gateway record: no account, no address",
            "gateway record without its LLM record",
        ],
        closes: false,
        ..Joining::PLAIN
    },
    advice: &[
        ("prompt", "RequestResponse holds no text: log prompts and completions with API Management (GatewayLlmLogs)"),
        ("input_tokens", "RequestResponse holds no tokens: use API Management's GatewayLlmLogs"),
        ("account", "give ApiManagementGatewayLogs with the LLM log, and a subscription to each customer"),
        ("ip", "API Management keeps whole addresses; RequestResponse masks the last part"),
        ("user_agent", "log the header User-Agent in the API's diagnostic settings"),
        ("ja4", "join the log of the firewall or load balancer in front with --edge"),
        ("temperature", "log the request body in the API's diagnostic settings (BackendRequestBody)"),
    ],
    signs: &[
        Sign::new(0, &["category=RequestResponse"]),
        Sign::new(0, &["Category=RequestResponse"]),
        Sign::new(0, &["callerIpAddress", "correlationId", "properties"]),
        Sign::new(0, &["CorrelationId", "CallerIpAddress", "ResponseCode"]),
        Sign::new(0, &["CorrelationId", "ApimSubscriptionId"]),
        Sign::new(0, &["category=GatewayLogs"]),
        Sign::new(1, &["CorrelationId", "SequenceNumber"]),
        Sign::new(1, &["CorrelationId", "PromptTokens"]),
        Sign::new(1, &["category=GatewayLlmLogs"]),
    ],
    open: &["properties", "properties_s", "Properties"],
    tells_unknown: true,
    read,
    ..LogSource::PLAIN
};

const DIAGNOSTIC: &[Line] = &[
    ("time", How::Time, &["time", "timegenerated"]),
    ("request_id", How::Word, &["correlationid"]),
    ("account", How::Account, &["objectid"]),
    ("ip", How::Address, &["calleripaddress"]),
    ("model", How::Word, &["modelname", "modeldeploymentname"]),
    ("endpoint", How::Call, &["operationname"]),
    ("status", How::Plain, &["resultsignature", "httpstatuscode"]),
    ("latency_ms", How::Plain, &["durationms"]),
    ("", How::Known, &["category", "event", "tenant", "location", "resourceid", "_resourceid", "properties", "level"]),
];

const GATEWAY: &[Line] = &[
    ("time", How::Time, &["timegenerated", "time"]),
    ("request_id", How::Word, &["correlationid"]),
    ("account", How::Account, &["apimsubscriptionid", "userid"]),
    ("ip", How::Address, &["calleripaddress"]),
    ("user_agent", How::Word, &["requestheaders/@agent"]),
    ("ja4", How::Word, &["requestheaders/@ja4"]),
    ("end_user", How::Word, &["requestheaders/@end_user"]),
    ("endpoint", How::Route, &["url"]),
    ("endpoint", How::Call, &["operationname"]),
    ("status", How::Plain, &["responsecode"]),
    ("latency_ms", How::Plain, &["totaltime", "durationms"]),
    ("", How::Request, &["requestbody", "backendrequestbody"]),
    ("", How::Response, &["responsebody", "backendresponsebody"]),
    ("", How::Known, &["category", "method", "cache", "backendtime", "clienttlsversion", "clientprotocol", "apiid"]),
    ("", How::Known, &["isrequestsuccess", "properties", "operationid", "region", "resourceid", "requestheaders"]),
];

const LLM: &[Line] = &[
    ("time", How::Time, &["timegenerated", "time"]),
    ("request_id", How::Word, &["correlationid"]),
    ("model", How::Word, &["modelname", "deploymentname"]),
    ("endpoint", How::Call, &["operationname"]),
    ("input_tokens", How::Plain, &["prompttokens"]),
    ("output_tokens", How::Plain, &["completiontokens"]),
    (
        "",
        How::Known,
        &["category", "sequencenumber", "requestmessages", "responsemessages", "totaltokens", "requestid"],
    ),
    ("", How::Known, &["apiversion", "deploymentname", "isstreamcompletion", "region", "properties", "resourceid"]),
];

fn read(record: &Json, out: &mut Assembly) {
    let flat = &flat(record);
    let has = |name: &str| !flat.get(name).is_empty();
    let category = flat.get("category").text().unwrap_or_default();
    if has("sequencenumber") || has("requestmessages") || has("responsemessages") || category == "GatewayLlmLogs" {
        llm(flat, out);
    } else if has("apimsubscriptionid") || has("responsecode") || category == "GatewayLogs" {
        let mut draft = out.draft(flat);
        apply(GATEWAY, flat, &mut draft);
        tell(GATEWAY, flat, out);
        meet(flat, FIRST, draft, out);
    } else if category == "RequestResponse" || (has("durationms") && has("correlationid")) {
        let mut draft = out.draft(flat);
        apply(DIAGNOSTIC, flat, &mut draft);
        tell(DIAGNOSTIC, flat, out);
        // The name of a resource has no case; the log writes it in capitals.
        let resource = flat.first(&["resourceid", "_resourceid"]).text().and_then(|id| id.rsplit('/').next());
        draft.word("organization", resource.map(str::to_lowercase));
        out.exchange(draft);
    } else {
        out.set_aside("record of another category");
    }
}

fn llm(flat: &Json, out: &mut Assembly) {
    let mut draft = out.draft(flat);
    apply(LLM, flat, &mut draft);
    tell(LLM, flat, out);
    let sequence = flat.get("sequencenumber").integer().unwrap_or(0);
    for (column, name) in [("prompt", "requestmessages"), ("response", "responsemessages")] {
        let part = flat.get(name);
        if !part.is_empty() {
            draft.pieces.push(Piece { column, sequence, part: part.clone() });
        }
    }
    meet(flat, SECOND, draft, out);
}

fn meet(flat: &Json, role: u8, draft: Draft, out: &mut Assembly) {
    match flat.get("correlationid").word() {
        // Without the other log a record of the gateway is all there will be.
        Some(id) if role == SECOND || out.parts & 0b10 > 0 => out.half(&id, role, draft),
        _ => out.exchange(draft),
    }
}

/// Names in small letters, those of `properties` beside the others.
fn flat(record: &Json) -> Json {
    let lower = |(name, value): &(String, Json)| (name.to_ascii_lowercase(), value.clone());
    let mut entries: Vec<(String, Json)> = record.entries().iter().map(lower).collect();
    for name in ["properties", "properties_s", "Properties"] {
        entries.extend(record.get(name).entries().iter().map(lower));
    }
    let mut flat = Json::Map(entries);
    for name in ["requestheaders", "requestbody", "backendrequestbody", "responsebody", "backendresponsebody"] {
        flat.open(name);
    }
    flat
}

fn tell(lines: &'static [Line], flat: &Json, out: &mut Assembly) {
    let unknown = &mut out.unknown;
    Known::new([lines]).unknown(flat, "", &mut |name| unknown.push(name.to_owned()));
}
