//! The columns of the tables that the engine reads, and exchanges as rows of them.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use stillwatch_core::{Exchange, Micros, Retention};

pub(crate) const ACCOUNT: &str = "account";
pub(crate) const DAY: &str = "day";
pub(crate) const DIGEST: &str = "digest";
pub(crate) const TIME: &str = "time";

/// The type of an encoded digest. Offsets have 64 bits, because the digests of one batch may exceed 2 GiB.
pub(crate) const DIGEST_TYPE: DataType = DataType::LargeBinary;

/// The columns of a table of day digests: `account`, `day`, `digest`.
pub fn digest_schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        Arc::new(Schema::new(vec![
            Field::new(ACCOUNT, DataType::Utf8, false),
            Field::new(DAY, DataType::Date32, false),
            Field::new(DIGEST, DIGEST_TYPE, false),
        ]))
    });
    Arc::clone(&SCHEMA)
}

macro_rules! exchanges {
    ($($name:ident: $array:ty),* $(,)?) => {
        /// What a digest is made of, in the order of the arguments of `fingerprint`.
        pub(crate) const FINGERPRINTED: &[&str] = &["time", "account", "retention", $(stringify!($name)),*];

        /// Exchanges as rows, borrowed from the columns named by [`FINGERPRINTED`].
        pub(crate) struct Exchanges<'a> {
            time: &'a TimestampMicrosecondArray,
            account: &'a StringArray,
            retention: &'a StringArray,
            $($name: Option<&'a $array>,)*
        }

        impl<'a> Exchanges<'a> {
            /// `None` when the columns are not those of [`FINGERPRINTED`].
            pub(crate) fn new(columns: &'a [ArrayRef]) -> Option<Self> {
                if columns.len() != FINGERPRINTED.len() {
                    return None;
                }
                let mut columns = columns.iter();
                Some(Self {
                    time: columns.next()?.as_any().downcast_ref()?,
                    account: columns.next()?.as_any().downcast_ref()?,
                    retention: columns.next()?.as_any().downcast_ref()?,
                    $($name: {
                        let column: &$array = columns.next()?.as_any().downcast_ref()?;
                        (column.null_count() < column.len()).then_some(column)
                    },)*
                })
            }

            pub(crate) fn row(&self, row: usize) -> Exchange<'a> {
                Exchange {
                    time: Micros(self.time.value(row)),
                    account: self.account.value(row),
                    $($name: self.$name.filter(|column| column.is_valid(row)).map(|column| column.value(row)),)*
                    // Responses are not projected: a digest carries their k-grams only when asked for.
                    response: None,
                    retention: self.retention(row),
                }
            }

            /// A word that is no retention class is read as the strictest one under which a row may be used.
            fn retention(&self, row: usize) -> Retention {
                if self.retention.is_null(row) {
                    return Retention::default();
                }
                Retention::parse(self.retention.value(row)).unwrap_or(Retention::MetadataOnly)
            }
        }
    };
}

exchanges! {
    request_id: StringArray,
    organization: StringArray,
    api_key: StringArray,
    end_user: StringArray,
    ip: StringArray,
    asn: Int64Array,
    country: StringArray,
    user_agent: StringArray,
    ja4: StringArray,
    model: StringArray,
    endpoint: StringArray,
    system: StringArray,
    prompt: StringArray,
    tools: StringArray,
    temperature: Float64Array,
    top_p: Float64Array,
    n: Int64Array,
    max_tokens: Int64Array,
    logprobs: BooleanArray,
    input_tokens: Int64Array,
    output_tokens: Int64Array,
    cached_tokens: Int64Array,
    status: Int64Array,
    conversation: StringArray,
}
