// From the draft to what screens follow: programme.json at each publication, now.json at once. Thread-safe: one publication at a
// time.
#pragma once

#include "content/base/clock.hpp"
#include "content/base/result.hpp"
#include "content/lib/sqlite/database.hpp"
#include "content/store/store.hpp"
#include "playlists/model/fleet.hpp"
#include "playlists/model/now.hpp"
#include "playlists/model/programme.hpp"
#include "playlists/release/writer.hpp"
#include "playlists/server/catalogue/check.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace capsule::server {

struct Publication {
    std::int64_t number = 0;           // in force now
    bool changed = false;              // false: the draft was what is in force already
    std::vector<std::string> problems; // not empty: nothing went out
    std::vector<std::string> warnings; // as check.hpp says
};

class Publisher {
public:
    // Keeps references.
    Publisher(const Clock& clock, const Store& store, ReleaseWriter& release)
        : m_clock(clock), m_store(store), m_release(release) {}

    // `fleet` is what schedules may refer to.
    Result<Publication> publish(sqlite::Database& database, const Fleet& fleet);
    // What stands in the way of `programme`, what its author may not expect: of the grid, and of the reports on its capsules.
    Result<PublishingFindings> findings(sqlite::Database& database, const Programme& programme, const Fleet& fleet) const;
    // An empty one, number 0, before the first publication.
    Result<Programme> in_force() const;
    // {"messages": […], "withdrawn": […]}, with its number. Invalid when it cannot be read, or when a message names a capsule that is not
    // in the programme in force. Returns the number in force.
    Result<std::int64_t> put_now(std::string_view document);
    Result<std::string> now() const;
    // One change of what is in force, with nobody else's in between. Returns the number in force. `change` may refuse.
    Result<std::int64_t> change_now(const std::function<Result<void>(NowDocument&)>& change);
    // Puts an empty now.json in force when there is none. Call once at start.
    Result<void> ensure_now();

private:
    Result<void> capsules_are_there(const NowDocument& now) const;
    Result<std::int64_t> replace_now_while_locked(NowDocument document);

    const Clock& m_clock;
    const Store& m_store;
    ReleaseWriter& m_release;
    std::mutex m_mutex;
};

} // namespace capsule::server
