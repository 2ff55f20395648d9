//! One run of anything, as a library: from inputs to a report, with progress and cancellation.
//!
//! What the command does, a server, a watcher or a wheel can do through this crate. It reads files and starts threads;
//! it knows no exit codes, no terminal and no signals, and keeps nothing outside the values it returns.
