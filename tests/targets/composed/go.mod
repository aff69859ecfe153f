module gobt.example/composed

go 1.18

require gobt.example/truth v0.0.0

replace gobt.example/truth => ../truth
