module gobt.example/foreign

go 1.18

require (
	github.com/go-sql-driver/mysql v0.0.0
	github.com/jackc/pgx/v5 v5.0.0
	gobt.example/truth v0.0.0
	google.golang.org/grpc v0.0.0
)

replace (
	github.com/go-sql-driver/mysql => ./mysql
	github.com/jackc/pgx/v5 => ./pgx
	gobt.example/truth => ../truth
	google.golang.org/grpc => ./grpc
)
