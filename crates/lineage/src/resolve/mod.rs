//! Which names mean the same thing.
