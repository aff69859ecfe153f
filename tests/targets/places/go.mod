module gobt.example/places

go 1.18
