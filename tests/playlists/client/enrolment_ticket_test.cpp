#include "playlists/client/enrolment_ticket.hpp"
#include "tests/catch.hpp"
#include "tests/fakes/temporary_folder.hpp"

#include <sys/stat.h>

using namespace capsule;
using namespace capsule::client;

TEST_CASE("of what lies on a stick of enrolment the good tickets are read, and the rest is complained of and holds nobody up") {
    TemporaryFolder stick;
    SystemDisk disk;
    const Path folder = ticket_folder(stick.path());
    REQUIRE(disk.make_directories(folder).ok());
    const EnrolmentTicket good{"https://ecrans.example.fr", "", "hall", "Hall", std::string(64, 'a'), instant_from_ms(1'798'000'000'000)};
    REQUIRE(write_durably(disk, folder / "hall.json", serialise(good)).ok());
    REQUIRE(write_durably(disk, folder / "large.json", std::string(100'000, ' ')).ok());
    REQUIRE(write_durably(disk, folder / "other.json", "{}").ok());
    REQUIRE(mkfifo((folder / "pipe.json").c_str(), 0600) == 0);
    std::vector<std::string> complaints;
    const auto tickets = read_tickets(disk, stick.path(), complaints);
    REQUIRE(tickets.size() == 1);
    CHECK(tickets[0].screen == "hall");
    CHECK(tickets[0].token == good.token);
    CHECK(tickets[0].expires_at == good.expires_at);
    CHECK(complaints.size() == 3);
}
