module gobt.example/failures

go 1.20

require gobt.example/truth v0.0.0

replace gobt.example/truth => ../truth
