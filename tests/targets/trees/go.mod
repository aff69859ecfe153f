module gobt.example/trees

go 1.17
