module gobt.example/service

go 1.21

require gobt.example/truth v0.0.0

replace gobt.example/truth => ../truth
