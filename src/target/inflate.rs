//! Compressed sections (`SHF_COMPRESSED` with zlib, as Go's linker writes them), inflated piece by piece.

use std::io;

use flate2::{Decompress, FlushDecompress, Status};

/// Bytes that are handed over at once: few enough to stay in the processor's cache.
const PIECE: usize = 256 << 10;

/// Why a section could not be inflated into what it was to go.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The compressed bytes are wrong, and how.
    Damaged(&'static str),
    /// What the bytes were given to did not take them.
    Refused(io::Error),
}

/// Inflates `compressed`, which says of itself that it comes to `size` bytes, and gives the pieces to `take`, in order.
/// No more than `size` bytes are given.
///
/// # Errors
/// When the bytes are no zlib stream of that size, or `take` fails.
pub(crate) fn inflate(
    compressed: &[u8],
    size: u64,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Failed> {
    const INVALID: Failed = Failed::Damaged("Invalid zlib compressed data");
    const WRONG_SIZE: Failed = Failed::Damaged("Uncompressed data size does not match compression header");
    let mut stream = Decompress::new(true);
    let mut piece = vec![0; PIECE.min(usize::try_from(size).unwrap_or(PIECE)).max(1)];
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let rest = usize::try_from(read)
            .ok()
            .and_then(|read| compressed.get(read..))
            .ok_or(INVALID)?;
        let status = stream
            .decompress(rest, &mut piece, FlushDecompress::None)
            .map_err(|_| INVALID)?;
        if stream.total_out() > size {
            return Err(WRONG_SIZE);
        }
        let new = usize::try_from(stream.total_out().saturating_sub(written)).unwrap_or(0);
        take(piece.get(..new).unwrap_or_default()).map_err(Failed::Refused)?;
        match status {
            Status::StreamEnd if stream.total_out() == size => return Ok(()),
            Status::StreamEnd => return Err(WRONG_SIZE),
            // The stream ends before its end.
            _ if stream.total_in() == read && new == 0 => return Err(INVALID),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failed, PIECE, inflate};
    use std::io::{self, Write};

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn inflated(compressed: &[u8], size: usize) -> Result<Vec<u8>, Failed> {
        let mut out = Vec::new();
        inflate(compressed, size as u64, &mut |piece| {
            out.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(out)
    }

    #[test]
    fn gives_back_what_was_compressed() {
        for size in [0, 1, 1000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let bytes: Vec<u8> = (0..size).map(|at| (at * at / 1000) as u8).collect();
            assert_eq!(inflated(&deflate(&bytes), size).unwrap(), bytes, "{size}");
        }
    }

    #[test]
    fn refuses_wrong_sizes_and_damage() {
        let bytes = vec![7; 3 * PIECE];
        let good = deflate(&bytes);
        assert!(inflated(&good, bytes.len() - 1).is_err());
        assert!(inflated(&good, bytes.len() + 1).is_err());
        assert!(inflated(&good, 0).is_err());
        for cut in 0..good.len() {
            assert!(inflated(&good[..cut], bytes.len()).is_err(), "cut to {cut}");
        }
        let mut flipped = good.clone();
        *flipped.last_mut().unwrap() ^= 1;
        assert!(
            inflated(&flipped, bytes.len()).is_err(),
            "the stream's own checksum"
        );
    }

    #[test]
    fn passes_on_what_went_wrong_outside() {
        let failed = inflate(&deflate(&[1; 10]), 10, &mut |_| {
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(matches!(failed, Err(Failed::Refused(_))));
    }
}
