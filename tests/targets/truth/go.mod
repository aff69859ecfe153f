module gobt.example/truth

go 1.18
