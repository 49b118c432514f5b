#include "content/lib/sqlite/database.hpp"

#include <sqlite3.h>

#include <utility>

namespace capsule::sqlite {

namespace {

Error error_of(sqlite3* handle, std::string_view what) {
    Category category = Category::io;
    switch (handle ? sqlite3_errcode(handle) & 0xff : SQLITE_NOMEM) {
    case SQLITE_FULL:
        category = Category::no_space;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        category = Category::invalid;
        break;
    case SQLITE_CONSTRAINT:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        category = Category::refused;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        category = Category::timeout;
        break;
    case SQLITE_CANTOPEN:
        category = Category::missing;
        break;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        category = Category::bug;
        break;
    default:
        break;
    }
    return {category, "SQLite cannot " + std::string(what) + ": " + (handle ? sqlite3_errmsg(handle) : "out of memory")};
}

} // namespace

Statement::Statement(Statement&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

Statement::~Statement() { sqlite3_finalize(m_handle); }

void Statement::bind(int parameter, std::int64_t value) { sqlite3_bind_int64(m_handle, parameter, value); }

void Statement::bind(int parameter, std::string_view text) {
    sqlite3_bind_text64(m_handle, parameter, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bind_blob(int parameter, std::string_view bytes) {
    sqlite3_bind_blob64(m_handle, parameter, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_TRANSIENT);
}

void Statement::bind_null(int parameter) { sqlite3_bind_null(m_handle, parameter); }

void Statement::bind(int parameter, const std::optional<std::int64_t>& value) {
    if (value)
        bind(parameter, *value);
    else
        bind_null(parameter);
}

Result<bool> Statement::step() {
    switch (sqlite3_step(m_handle)) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        return false;
    default: {
        const char* sql = sqlite3_sql(m_handle);
        return error_of(sqlite3_db_handle(m_handle), std::string("run \"") + (sql ? sql : "") + "\"");
    }
    }
}

Result<void> Statement::run() {
    for (;;) {
        Result<bool> row = step();
        if (!row) {
            Error error = row.error();
            reset();
            return error;
        }
        if (!*row)
            break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(m_handle);
    sqlite3_clear_bindings(m_handle);
}

int Statement::columns() const { return sqlite3_column_count(m_handle); }
std::string Statement::column_name(int column) const { return sqlite3_column_name(m_handle, column); }
bool Statement::is_null(int column) const { return sqlite3_column_type(m_handle, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_handle, column); }

std::string Statement::text(int column) const {
    return std::string(view(column));
}

std::string_view Statement::view(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_handle, column));
    const int length = sqlite3_column_bytes(m_handle, column);
    return bytes ? std::string_view(bytes, static_cast<std::size_t>(length)) : std::string_view{};
}

Result<Database> Database::open(const Path& path, OpenMode mode) {
    sqlite3* handle = nullptr;
    const int flags = mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Database database(handle);
    if (code != SQLITE_OK)
        return database.last_error("open " + path.string());
    sqlite3_busy_timeout(handle, 5000);
    CAPSULE_CHECK(database.execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"));
    return database;
}

Database::Database(Database&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

Database::~Database() { sqlite3_close_v2(m_handle); }

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return last_error("prepare \"" + std::string(sql) + "\"");
    return Statement(statement);
}

Result<void> Database::execute(std::string_view sql) {
    if (sqlite3_exec(m_handle, std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return last_error("run \"" + std::string(sql.substr(0, 200)) + "\"");
    return {};
}

std::int64_t Database::changes() const { return sqlite3_changes64(m_handle); }
std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(m_handle); }

Error Database::last_error(std::string_view what) const { return error_of(m_handle, what); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(m_handle) == 0; }

// Savepoints of one name nest: RELEASE and ROLLBACK TO mean the innermost.
Result<Transaction> Transaction::begin(Database& database) {
    const bool inner = database.in_transaction();
    CAPSULE_CHECK(database.execute(inner ? "SAVEPOINT inner_transaction" : "BEGIN IMMEDIATE"));
    return Transaction(database, inner);
}

Transaction::Transaction(Transaction&& other) noexcept
    : m_database(std::exchange(other.m_database, nullptr)), m_inner(other.m_inner) {}

Transaction::~Transaction() {
    // After a full disk SQLite may have rolled the whole back by itself.
    if (m_database && m_database->in_transaction())
        (void)m_database->execute(m_inner ? "ROLLBACK TO inner_transaction; RELEASE inner_transaction" : "ROLLBACK");
}

Result<void> Transaction::commit() {
    CAPSULE_CHECK(m_database->execute(m_inner ? "RELEASE inner_transaction" : "COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace capsule::sqlite
