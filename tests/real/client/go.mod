module gobt.example/client

go 1.22

require gobt.example/truth v0.0.0

replace gobt.example/truth => ../../targets/truth
