/// Which accounts are in a set, asked again and again.
#[derive(Default)]
pub(super) struct Members {
    stamp: u32,
    marks: Vec<u32>,
}

impl Members {
    pub(super) fn enter(&mut self, accounts: &[u32], all: usize) {
        if self.marks.len() < all || self.stamp == u32::MAX {
            self.marks = vec![0; all];
            self.stamp = 0;
        }
        self.stamp += 1;
        for &account in accounts {
            self.marks[account as usize] = self.stamp;
        }
    }

    pub(super) fn has(&self, account: u32) -> bool {
        self.marks[account as usize] == self.stamp
    }
}
