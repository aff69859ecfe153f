module gobt.example/marks

go 1.17
