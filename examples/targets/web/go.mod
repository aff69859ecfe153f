module gobt.example/web

go 1.18
