// The server's one SQLite file and the connections to it.
//
// A pool rather than one connection per thread: the number of open files follows what is in use at once, and a thread pool may
// change its size without anybody here knowing. Thread-safe; a lease is thread-bound to the thread that took it.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/disk.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace capsule::server {

// One numbered step of the schema. Numbers start at 1 and have no holes; a released step never changes.
struct Migration {
    int number = 0;
    std::string name;
    std::string sql;
};

class ServerDatabase {
public:
    // A connection for as long as the lease lives.
    class Lease {
    public:
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        sqlite::Database& operator*() { return *m_connection; }
        sqlite::Database* operator->() { return m_connection.get(); }

    private:
        friend class ServerDatabase;
        Lease(ServerDatabase& owner, std::unique_ptr<sqlite::Database> connection)
            : m_owner(&owner), m_connection(std::move(connection)) {}
        ServerDatabase* m_owner;
        std::unique_ptr<sqlite::Database> m_connection;
    };

    // Opens or makes the file and applies what is missing of `migrations`. Refused when the file is from a newer program. On
    // failure the file is as the last whole migration left it.
    static Result<std::unique_ptr<ServerDatabase>> open(const Path& file, const std::vector<Migration>& migrations,
                                                        const Clock& clock);

    // Opens another connection when none is idle. All leases must be gone before the object is.
    Result<Lease> lease();

private:
    explicit ServerDatabase(Path file) : m_file(std::move(file)) {}
    Result<std::unique_ptr<sqlite::Database>> connect() const;

    const Path m_file;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<sqlite::Database>> m_idle;
};

// Applies what is missing to a database that is open already (tests, tools). Returns how many were applied.
Result<int> migrate(sqlite::Database& database, const std::vector<Migration>& migrations, const Clock& clock);

} // namespace capsule::server
