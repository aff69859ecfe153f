module gobt.example/layouts

go 1.19
