use std::collections::BTreeMap;
use std::io::Read;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use stillwatch_core::{Account, AccountId, AccountType, Micros, Redacted};

use crate::schema::Table;
use crate::{FieldMap, Format, IngestError, Tally, whole};

/// Reads an account table, sorted by account. Of several rows for one account the last value that is not null counts.
pub fn read_accounts(
    reader: impl Read + Send,
    format: Option<Format>,
    map: &FieldMap,
    source: &str,
    tally: &mut Tally,
) -> Result<Vec<Account>, IngestError> {
    let options = whole::options(Table::Account, map);
    let mut accounts: BTreeMap<AccountId, Account> = BTreeMap::new();
    whole::read(reader, format, &options, source, tally, |batch, tally| {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let Some(id) = columns.text("account", row).map(AccountId::from) else {
                continue;
            };
            if let Some(account) = accounts.get_mut(&id) {
                tally.duplicates += 1;
                columns.fill(account, row, tally);
            } else {
                let mut account = Account::unknown(id.clone());
                columns.fill(&mut account, row, tally);
                accounts.insert(id, account);
            }
        }
        Ok(())
    })?;
    Ok(accounts.into_values().collect())
}

struct Columns<'a>(&'a RecordBatch);

impl<'a> Columns<'a> {
    fn fill(&self, account: &mut Account, row: usize, tally: &mut Tally) {
        let text = |column| self.text(column, row).map(str::to_owned);
        let secret = |column| text(column).map(Redacted::new);
        replace(&mut account.organization, self.text("organization", row).map(Into::into));
        replace(&mut account.created_at, self.time("created_at", row));
        replace(&mut account.signup_ip, secret("signup_ip"));
        replace(&mut account.signup_country, text("signup_country"));
        replace(&mut account.email_domain, text("email_domain"));
        replace(&mut account.email_hmac, secret("email_hmac"));
        replace(&mut account.phone_hmac, secret("phone_hmac"));
        replace(&mut account.payment_hmac, secret("payment_hmac"));
        replace(&mut account.payment_country, text("payment_country"));
        replace(&mut account.declared_region, text("declared_region"));
        replace(&mut account.owner, text("owner"));
        replace(&mut account.plan, text("tier"));
        replace(&mut account.status, text("status"));
        replace(&mut account.status_changed_at, self.time("status_changed_at", row));
        match self.text("account_type", row).map(AccountType::parse) {
            Some(Some(account_type)) => account.account_type = account_type,
            Some(None) => tally.note_field_errors("account_type", 1),
            None => {}
        }
    }

    /// An empty text is no value: an empty hash would join accounts that have nothing in common.
    fn text(&self, column: &str, row: usize) -> Option<&'a str> {
        let texts = self.0.column_by_name(column)?.as_string_opt::<i32>()?;
        texts.is_valid(row).then(|| texts.value(row)).filter(|text| !text.is_empty())
    }

    fn time(&self, column: &str, row: usize) -> Option<Micros> {
        let times = self.0.column_by_name(column)?.as_primitive_opt::<TimestampMicrosecondType>()?;
        times.is_valid(row).then(|| Micros(times.value(row)))
    }
}

fn replace<T>(place: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *place = value;
    }
}
