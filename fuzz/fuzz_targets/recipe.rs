#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| gobt_fuzz::recipe(data));
