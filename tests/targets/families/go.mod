module gobt.example/families

go 1.17
