//! Amazon Bedrock: model invocation log, from S3 or CloudWatch. The answer of a stream is a list of chunks.

use crate::source::assembly::Assembly;
use crate::source::json::Json;
use crate::source::log_source::LogSource;
use crate::source::log_source::{OWN, Sign};
use crate::source::spelling::status_of_error;
use crate::source::table::{How, Line, apply};
use crate::source::usage::Usage;

pub(super) static SOURCE: LogSource = LogSource {
    name: "bedrock",
    title: "Amazon Bedrock model invocation log",
    advice: &[
        (
            "prompt",
            "turn on text data delivery of the invocation log; bodies over 100 KB lie apart in S3 and are not read",
        ),
        ("organization", "send it as requestMetadata with each request"),
        ("ip", "join CloudTrail with --edge (requestID, sourceIPAddress, userAgent)"),
        ("user_agent", "join CloudTrail with --edge (requestID, sourceIPAddress, userAgent)"),
        ("ja4", "join the log of the firewall or load balancer in front with --edge"),
    ],
    signs: &[
        Sign::new(0, &["schemaType=ModelInvocationLog"]),
        Sign::without(0, &["modelId", "operation", "requestId"], OWN),
    ],
    open: &["message", "input/inputBodyJson", "output/outputBodyJson"],
    tables: &[LINES, KNOWN],
    read,
    ..LogSource::PLAIN
};

const LINES: &[Line] = &[
    ("time", How::Time, &["timestamp"]),
    ("request_id", How::Word, &["requestId"]),
    ("organization", How::Word, &["requestMetadata/@organization", "accountId"]),
    ("account", How::Account, &["requestMetadata/@account"]),
    ("end_user", How::Word, &["requestMetadata/@end_user"]),
    ("ip", How::Address, &["requestMetadata/@ip"]),
    ("conversation", How::Word, &["requestMetadata/@conversation"]),
    ("retention", How::Plain, &["requestMetadata/@retention"]),
    ("retention", How::Withheld, &["requestMetadata/@withheld"]),
    ("model", How::Word, &["modelId"]),
    ("endpoint", How::Word, &["operation"]),
    ("", How::Request, &["input/inputBodyJson"]),
];

/// After the counts of the record, which the body only repeats.
const ANSWER: &[Line] = &[("", How::Response, &["output/outputBodyJson"])];

const KNOWN: &[Line] = &[(
    "",
    How::Known,
    &[
        "schemaType",
        "schemaVersion",
        "region",
        "inferenceRegion",
        "identity/arn",
        "errorCode",
        "input",
        "output",
        "message",
    ],
)];

fn read(record: &Json, out: &mut Assembly) {
    if let message @ Json::Map(_) = record.get("message") {
        let mut message = message.clone();
        for path in ["input/inputBodyJson", "output/outputBodyJson"] {
            message.open(path);
        }
        return read(&message, out);
    }
    let mut draft = out.draft(record);
    apply(LINES, record, &mut draft);
    draft.word("account", record.at("identity/arn").text().map(account));
    Usage::read(record.get("input")).fill(&mut draft);
    draft.integer("output_tokens", Usage::read(record.get("output")).output);
    apply(ANSWER, record, &mut draft);
    let error = record.get("errorCode").word();
    draft.integer("status", Some(error.map_or(200, |error| status_of_error(&error))));
    out.exchange(draft);
}

/// The name of an IAM user; of anything else (roles, sessions) the whole ARN, since their names repeat. A session whose
/// name its process made up is its role.
fn account(arn: &str) -> String {
    let user = arn.splitn(6, ':').nth(5).and_then(|resource| resource.strip_prefix("user/"));
    let role = arn.rsplit_once('/').filter(|(role, session)| role.contains(":assumed-role/") && is_made_up(session));
    user.or(role.map(|(role, _)| role)).unwrap_or(arn).to_owned()
}

/// Session names that tools and instances make anew for each process: `botocore-session-1772452800`, the id of an
/// instance or a task, numbers alone, or any name that ends in a time or a long hexadecimal number.
fn is_made_up(session: &str) -> bool {
    let prefixes =
        ["botocore-session-", "aws-sdk-", "aws-go-sdk-", "AssumeRoleSession", "awscli-session", "terraform-"];
    let last = session.rsplit(['-', '_', '.', '@']).next().unwrap_or_default();
    let digits = last.len() >= 10 && last.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal = last.len() >= 12
        && last.bytes().all(|byte| byte.is_ascii_hexdigit())
        && last.bytes().any(|byte| byte.is_ascii_digit());
    let instance = session.strip_prefix("i-").is_some_and(|id| id.len() >= 8 && is_hexadecimal(id));
    let number = session.len() >= 4 && session.bytes().all(|byte| byte.is_ascii_digit());
    prefixes.iter().any(|prefix| session.starts_with(prefix)) || digits || hexadecimal || instance || number
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_user_has_a_name_and_a_role_its_arn() {
        assert_eq!(super::account("arn:aws:iam::111111111111:user/u1"), "u1");
        let role = "arn:aws:sts::111111111111:assumed-role/gateway/s";
        assert_eq!(super::account(role), role);
        for session in
            ["botocore-session-1772452800", "i-0abc123def4567890", "1772452800123", "worker-9f86d081884c7d65"]
        {
            let made_up = format!("arn:aws:sts::111111111111:assumed-role/gateway/{session}");
            assert_eq!(super::account(&made_up), "arn:aws:sts::111111111111:assumed-role/gateway", "{session}");
        }
    }
}
