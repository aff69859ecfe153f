module gobt.example/unread

go 1.17

require gobt.example/truth v0.0.0

replace gobt.example/truth => ../truth
