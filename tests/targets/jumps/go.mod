module gobt.example/jumps

go 1.18
