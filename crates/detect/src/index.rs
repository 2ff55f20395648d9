//! Places in lists, each of a type of its own, so that an account cannot be taken for an owner or for a count.

use std::marker::PhantomData;

/// The place of something in a list of its kind.
pub(crate) trait Place: Copy {
    fn new(place: usize) -> Self;
    fn place(self) -> usize;
}

/// Defines the place of a kind of thing: `place! { /// What it is the place of. Name }`.
macro_rules! place {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(u32);

        impl $crate::index::Place for $name {
            fn new(place: usize) -> Self {
                #[expect(clippy::cast_possible_truncation, reason = "a list of 2^32 things does not fit in memory here")]
                Self(place as u32)
            }

            fn place(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use place;

/// Something for each thing of a kind, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Per<I, T> {
    values: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I: Place, T> Per<I, T> {
    /// The same for each of so many.
    pub(crate) fn filled(value: T, count: usize) -> Self
    where
        T: Clone,
    {
        Self { values: vec![value; count], kind: PhantomData }
    }

    /// What belongs to a place. Places are made by the list that they point into.
    pub(crate) fn of(&self, at: I) -> &T {
        &self.values[at.place()]
    }

    pub(crate) fn of_mut(&mut self, at: I) -> &mut T {
        &mut self.values[at.place()]
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = I> + Clone + use<I, T> {
        (0..self.values.len()).map(I::new)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        self.places().zip(&self.values)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (I, &mut T)> {
        self.places().zip(&mut self.values)
    }

    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    pub(crate) fn values_mut(&mut self) -> &mut Vec<T> {
        &mut self.values
    }

    pub(crate) fn into_values(self) -> Vec<T> {
        self.values
    }

    /// Adds one at the end, and tells where.
    pub(crate) fn push(&mut self, value: T) -> I {
        self.values.push(value);
        I::new(self.values.len() - 1)
    }
}

impl<I, T> Default for Per<I, T> {
    fn default() -> Self {
        Self { values: Vec::new(), kind: PhantomData }
    }
}

impl<I, T> FromIterator<T> for Per<I, T> {
    fn from_iter<V: IntoIterator<Item = T>>(values: V) -> Self {
        Self { values: values.into_iter().collect(), kind: PhantomData }
    }
}

impl<I, T> From<Vec<T>> for Per<I, T> {
    fn from(values: Vec<T>) -> Self {
        Self { values, kind: PhantomData }
    }
}

/// A list for each thing of a kind, all lists in one.
#[derive(Clone, Debug)]
pub(crate) struct Lists<I, T> {
    /// Where each list begins, and where the last one ends.
    bounds: Vec<usize>,
    items: Vec<T>,
    kind: PhantomData<fn(I)>,
}

impl<I: Place, T> Lists<I, T> {
    pub(crate) fn of(&self, at: I) -> &[T] {
        let bounds = self.bounds.get(at.place()).zip(self.bounds.get(at.place() + 1));
        bounds.and_then(|(&from, &until)| self.items.get(from..until)).unwrap_or_default()
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = I> + Clone + use<I, T> {
        (0..self.len()).map(I::new)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (I, &[T])> {
        self.places().map(|at| (at, self.of(at)))
    }
}

impl<I, T> Default for Lists<I, T> {
    fn default() -> Self {
        Self { bounds: vec![0], items: Vec::new(), kind: PhantomData }
    }
}

impl<I, T, L: IntoIterator<Item = T>> FromIterator<L> for Lists<I, T> {
    fn from_iter<V: IntoIterator<Item = L>>(lists: V) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.items.extend(list);
            all.bounds.push(all.items.len());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Lists, Per, Place};

    place! {
        Thing
    }

    #[test]
    fn lists_keep_their_places() {
        let lists: Lists<Thing, u8> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        let of = |place| lists.of(Thing::new(place)).to_vec();
        assert_eq!((of(0), of(1), of(2), lists.len()), (vec![1, 2], vec![], vec![3], 3));
        assert!(of(3).is_empty());
    }

    #[test]
    fn what_is_pushed_is_found_at_its_place() {
        let mut per: Per<Thing, u8> = Per::filled(7, 2);
        let at = per.push(9);
        *per.of_mut(Thing::new(0)) = 1;
        assert_eq!((per.of(at), per.values()), (&9, [1, 7, 9].as_slice()));
    }
}
