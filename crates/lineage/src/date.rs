pub use stillwatch_core::Date;
