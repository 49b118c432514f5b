// One SQLite connection and its prepared statements. Thread-bound: to the thread that uses it (open one per thread).
#pragma once

#include "content/base/disk.hpp"
#include "content/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace capsule::sqlite {

class Database;

// A prepared statement. Bind (1-based, as in ?1), step until it says false, then reset to use it again. Must not outlive its
// database. Text and blobs are copied when bound.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    void bind(int parameter, std::int64_t value);
    void bind(int parameter, std::string_view text);
    void bind_blob(int parameter, std::string_view bytes);
    void bind_null(int parameter);
    void bind(int parameter, const std::optional<std::int64_t>& value);

    // True: a row is there to be read. False: done.
    Result<bool> step();
    // For statements without rows: step to the end, then reset.
    Result<void> run();
    // Ready to run again; bindings are cleared.
    void reset();

    int columns() const;
    std::string column_name(int column) const;
    bool is_null(int column) const; // columns are 0-based
    std::int64_t integer(int column) const;
    std::string text(int column) const; // also for blobs
    std::string_view view(int column) const; // the same bytes, valid until the next step or reset

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* handle) : m_handle(handle) {}
    sqlite3_stmt* m_handle;
};

enum class OpenMode { read_write_create, read_only };

class Database {
public:
    // The pragmas that held against power cuts and corruption are set by the caller, see `execute`; foreign_keys is on,
    // trusted_schema off, cell_size_check on, mmap off, busy_timeout 5 s.
    static Result<Database> open(const Path& path, OpenMode mode = OpenMode::read_write_create);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    Result<Statement> prepare(std::string_view sql);
    // One or more statements without parameters.
    Result<void> execute(std::string_view sql);
    std::int64_t changes() const;
    std::int64_t last_insert_rowid() const;
    // The error of the last call, translated; no_space for a full disk, invalid for a corrupt file.
    Error last_error(std::string_view what) const;
    // Whether a transaction is open on this connection.
    bool in_transaction() const;
    sqlite3* handle() const { return m_handle; }

private:
    explicit Database(sqlite3* handle) : m_handle(handle) {}
    sqlite3* m_handle;
};

// BEGIN IMMEDIATE … COMMIT; rolls back when it goes out of scope uncommitted. Inside another one it is a savepoint: its commit makes it
// part of the outer one, which alone writes. The inner must end before the outer.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    Transaction(Database& database, bool inner) : m_database(&database), m_inner(inner) {}
    Database* m_database;
    bool m_inner;
};

} // namespace capsule::sqlite
