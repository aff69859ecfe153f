module gobt.example/stacks

go 1.18
