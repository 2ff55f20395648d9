//! The two scalar functions that stand directly above the scan.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Array, LargeBinaryBuilder};
use arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, col,
};
use stillwatch_core::{Key, Micros};
use stillwatch_digest::Fingerprinter;
use stillwatch_ingest::exchange_schema;

use crate::EngineError;
use crate::columns::{DIGEST_TYPE, Exchanges, FINGERPRINTED, TIME};

pub(crate) const FINGERPRINT: &str = "fingerprint";
pub(crate) const UTC_DAY: &str = "utc_day";

/// What a digest of one exchange is about to take, in bytes; only a guess for the first allocation.
const USUAL_DIGEST: usize = 512;

/// `fingerprint(columns…)`: the digest of one exchange.
pub(crate) fn fingerprint(key: &Arc<Key>) -> Expr {
    let function = Fingerprint { key: Arc::clone(key), signature: stays(FINGERPRINTED) };
    ScalarUDF::from(function).call(FINGERPRINTED.iter().map(|&name| col(name)).collect())
}

/// `utc_day(time)`: the UTC day of a moment.
pub(crate) fn utc_day() -> Expr {
    ScalarUDF::from(UtcDay { signature: stays(&[TIME]) }).call(vec![col(TIME)])
}

/// Declared volatile so that no optimiser rule copies or moves the call: text is read once, and where the plan says.
fn stays(arguments: &[&str]) -> Signature {
    let schema = exchange_schema();
    let types = arguments.iter().filter_map(|name| Some(schema.field_with_name(name).ok()?.data_type().clone()));
    Signature::exact(types.collect(), Volatility::Volatile)
}

#[derive(Debug)]
struct Fingerprint {
    key: Arc<Key>,
    signature: Signature,
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.key.id() == other.key.id()
    }
}

impl Eq for Fingerprint {}

impl Hash for Fingerprint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.id().hash(state);
    }
}

impl ScalarUDFImpl for Fingerprint {
    fn name(&self) -> &'static str {
        FINGERPRINT
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DIGEST_TYPE)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let exchanges = Exchanges::new(&columns).ok_or(EngineError::Schema)?;
        let mut fingerprinter = Fingerprinter::new(&self.key);
        let mut digests = LargeBinaryBuilder::with_capacity(args.number_rows, args.number_rows * USUAL_DIGEST);
        for row in 0..args.number_rows {
            digests.append_value(fingerprinter.fingerprint(&exchanges.row(row)));
        }
        Ok(ColumnarValue::Array(Arc::new(digests.finish())))
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct UtcDay {
    signature: Signature,
}

impl ScalarUDFImpl for UtcDay {
    fn name(&self) -> &'static str {
        UTC_DAY
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let times = columns
            .first()
            .and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>())
            .ok_or(EngineError::Schema)?;
        let days: ArrayRef =
            Arc::new(times.unary::<_, arrow::datatypes::Date32Type>(|time| Micros(time).day().0) as Date32Array);
        Ok(ColumnarValue::Array(days))
    }
}
