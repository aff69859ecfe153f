module gobt.example/stub

go 1.17
