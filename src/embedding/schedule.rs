use super::tiles::Tiles;

/// Where the powers of one tile are computed: in a pool of the tile's places in each kept matrix, and of two spare tiles
/// behind them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schedule {
    /// Kept N × d matrices; the first holds power `first` at the start.
    pub(super) slots: usize,
    /// The power that the first slot starts with: 0 if L R is taken as dense, 1 if as sparse.
    pub(super) first: usize,
    /// The place of power 0, where it has a weight and is not the one that the first slot starts with.
    pub(super) initial: Option<usize>,
    /// Products, in order.
    pub(super) steps: Vec<Step>,
    /// Powers that are kept, ascending, and their slots.
    pub(super) kept: Vec<(usize, usize)>,
}

/// One product.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// The power computed.
    pub(super) power: usize,
    /// Place of the power before it.
    pub(super) from: usize,
    /// Place of the result.
    pub(super) to: usize,
    /// The slot that the result is copied to, where no slot but that of the power before was free.
    pub(super) copy: Option<usize>,
}

impl Schedule {
    /// Computes powers up to `last` and keeps those named, each in a slot of its own; slots are used again as soon as the
    /// power in them is neither kept nor needed.
    pub(super) fn new(first: usize, last: usize, keep: &[usize]) -> Self {
        let slots = keep.len().max(1);
        let mut kept: Vec<(usize, usize)> = Vec::new();
        let mut initial = None;
        if keep.contains(&first) {
            kept.push((first, 0));
        }
        if first == 1 && keep.contains(&0) {
            initial = Some(1);
            kept.push((0, 1));
        }
        let mut steps = Vec::new();
        let mut from = 0;
        for power in first + 1..=last {
            let is_free = |slot: usize| kept.iter().all(|&(_, taken)| taken != slot);
            let spare = if from == slots { slots + 1 } else { slots };
            let (to, copy) = match keep.contains(&power) {
                false => (spare, None),
                true => match (0..slots).find(|&slot| slot != from && is_free(slot)) {
                    Some(slot) => (slot, None),
                    None => (spare, Some(from)),
                },
            };
            steps.push(Step { power, from, to, copy });
            if keep.contains(&power) {
                kept.push((power, copy.unwrap_or(to)));
            }
            from = copy.unwrap_or(to);
        }
        kept.sort_unstable();
        Self { slots, first, initial, steps, kept }
    }

    /// The kept powers, ascending, out of the slots that hold them.
    pub(super) fn kept_of(&self, slots: Vec<Tiles>) -> Vec<(usize, Tiles)> {
        let mut slots: Vec<_> = slots.into_iter().map(Some).collect();
        self.kept.iter().filter_map(|&(power, slot)| slots[slot].take().map(|tiles| (power, tiles))).collect()
    }
}
