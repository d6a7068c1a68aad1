use rayon::prelude::*;

use super::Error;

/// Nodes by key, and the rank of each.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyOrder {
    pub nodes: Vec<u32>,
    pub ranks: Vec<u32>,
}

impl KeyOrder {
    /// The order of distinct keys; none if they ascend as they are.
    pub(super) fn of(keys: &[u64]) -> Result<Option<Self>, Error> {
        if keys.windows(2).all(|pair| pair[0] < pair[1]) {
            return Ok(None);
        }
        let mut nodes: Vec<u32> = (0..keys.len() as u32).collect();
        nodes.par_sort_unstable_by_key(|&node| (keys[node as usize], node));
        if let Some(pair) = nodes.windows(2).find(|pair| keys[pair[0] as usize] == keys[pair[1] as usize]) {
            let (first, second) = (pair[0] as usize, pair[1] as usize);
            return Err(Error::DuplicateKey { key: keys[first], first, second });
        }
        let mut ranks = vec![0; keys.len()];
        nodes.iter().enumerate().for_each(|(rank, &node)| ranks[node as usize] = rank as u32);
        Ok(Some(Self { nodes, ranks }))
    }
}
