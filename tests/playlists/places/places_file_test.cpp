#include "playlists/places/places_file.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace capsule;

namespace {

// "ROW column: what" of each.
std::vector<std::string> said(const std::vector<RowRemark>& remarks) {
    std::vector<std::string> lines;
    for (const RowRemark& one : remarks)
        lines.push_back(std::to_string(one.row) + " " + (one.column.empty() ? "" : one.column + ": ") + one.what);
    return lines;
}

bool has(const std::vector<std::string>& lines, const std::string& part) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

const std::string head = "id,pivot,nom,commune,code_postal,adresse,latitude,longitude,telephone,horaires,date_maj,frais_a_charge,"
                         "modalites_acces,dispositif_programmes_nationaux,itinerance\n";

// A whole row in which one column says something else.
std::string row(const std::string& column, const std::string& value) {
    std::map<std::string, std::string> columns{
        {"id", "a"}, {"pivot", "43493312300029"}, {"nom", "A"}, {"commune", "Antony"}, {"code_postal", "92160"}, {"adresse", "1 rue A"},
        {"latitude", "48.75"}, {"longitude", "2.29"}, {"date_maj", "2026-10-01"}};
    columns[column] = value;
    std::stringstream names(head);
    std::string line, name;
    while (std::getline(names, name, ','))
        line += (line.empty() ? "\"" : ",\"") + columns[name.ends_with('\n') ? name.substr(0, name.size() - 1) : name] + "\"";
    return line + "\n";
}

PlacesFile file_of(const std::string& text) {
    auto read = read_places(text, "lieux.csv");
    if (!read)
        FAIL(read.error().message);
    return *read;
}

std::optional<std::string> shared(const std::string& name) {
    std::ifstream file(CAPSULE_SHARED_DIR "/data/" + name);
    if (!file) {
        WARN("no " << name << " beside this clone: skipped");
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("a row that is as the scheme asks is taken without a word") {
    const auto file = file_of(head + row("itinerance", "Fixe"));
    CHECK(file.rows == 1);
    REQUIRE(file.places.size() == 1);
    CHECK(file.remarks.empty());
    CHECK(file.refused.empty());
    CHECK(file.places[0].position == Position{48'750'000, 2'290'000});
    CHECK(file.places[0].text("nom") == "A");
}

TEST_CASE("what of a row cannot be used is said with its column, and kept") {
    const auto [column, value, complaint] = GENERATE(table<std::string, std::string, std::string>({
        {"pivot", "", "2 pivot: is missing"},
        {"code_postal", "9216", "2 code_postal: \"9216\": five digits"},
        {"telephone", "01 46 00 00 00", "2 telephone: "},
        {"date_maj", "01/10/2026", "2 date_maj: \"01/10/2026\""},
        {"date_maj", "", "2 date_maj: is missing"},
        {"horaires", "du lundi au vendredi", "2 horaires: \"du lundi au vendredi\""},
        {"frais_a_charge", "Sur devis", "2 frais_a_charge: \"Sur devis\""},
        {"latitude", "", "2 latitude: no position"},
        {"latitude", "quarante-huit", "2 latitude: \"quarante-huit\""},
        {"latitude", "2.29", ""},
    }));
    const auto file = file_of(head + row(column, value));
    REQUIRE(file.places.size() == 1);
    CHECK(file.places[0].text(column) == value);
    if (complaint.empty())
        CHECK(file.remarks.empty());
    else
        CHECK(has(said(file.remarks), complaint));
}

TEST_CASE("a position that is not one of a place is used for no distance") {
    const auto position_of = [](const std::string& latitude, const std::string& longitude) {
        const auto file = file_of("id,nom,latitude,longitude\na,A," + latitude + "," + longitude + "\n");
        return std::pair{file.places.at(0).position, has(said(file.remarks), "latitude")};
    };
    CHECK(position_of("\"48,75\"", "\"2,29\"") == std::pair{std::optional(Position{48'750'000, 2'290'000}), true});
    CHECK(position_of("2.29", "48.75") == std::pair{std::optional<Position>{}, true}); // changed places
    CHECK(position_of("0", "0") == std::pair{std::optional<Position>{}, true});
    CHECK(position_of("95", "2.29") == std::pair{std::optional<Position>{}, true});
    CHECK(position_of("48.75", "") == std::pair{std::optional<Position>{}, true});
    CHECK(position_of("48.7500004", "2.29") == std::pair{std::optional(Position{48'750'000, 2'290'000}), false});
}

TEST_CASE("rows that cannot be a place's are refused by row, and every other row is taken") {
    const auto file = file_of("id,nom,adresse\n"
                              "a,A,1 rue A\n"
                              ",sans id,2 rue B\n"
                              "c,,3 rue C\n"
                              "d,D,\"4, rue D\"\n"
                              "e,E,5, rue E\n"
                              "f,F \"le\" lieu,6 rue F\n"
                              "a,A encore,7 rue G\n"
                              "h,\"H,8 rue H\n"
                              "i,I,9 rue I\n");
    CHECK(said(file.refused).size() == 6);
    CHECK(has(said(file.refused), "3 id: is missing"));
    CHECK(has(said(file.refused), "4 nom: is missing"));
    CHECK(has(said(file.refused), "6 4 fields where 3 are expected"));
    CHECK(has(said(file.refused), "7 a quotation mark stands inside a field"));
    CHECK(has(said(file.refused), "8 id: \"a\" is the id of an earlier place (2)"));
    CHECK(has(said(file.refused), "9 a quotation mark is never closed"));
    CHECK(file.rows == 9);
    REQUIRE(file.places.size() == 3);
    CHECK(file.places[1].text("adresse") == "4, rue D");
    CHECK(file.places[2].text("id") == "i");
}

TEST_CASE("columns that the scheme does not know are kept under their name") {
    const auto file = file_of("\xEF\xBB\xBFID;Nom;telefone;code_siret;;\na;A;0199;123;x;\n");
    REQUIRE(file.places.size() == 1);
    CHECK(file.places[0].text("telefone") == "0199");
    CHECK(file.places[0].text("code_siret") == "123");
    CHECK(has(said(file.remarks), "1 telefone: is no column of the scheme, or stands twice; kept; did you mean \"telephone\"?"));
}

TEST_CASE("a file from 2022 is read under today's names and in today's words") {
    const auto file = file_of(R"([{"id":"a","nom":"A","labels_nationaux":"CNFS, France services, AIDANTS CONNECT","conditions_access":"Gratuit",
        "latitude":48.845,"longitude":2.3752,"inconnu":{"x":[1]}},"pas un lieu",{"id":"b"},{"id":7,"nom":"B","frais_a_charge":["Gratuit","Payant"]}])");
    CHECK(file.rows == 4);
    REQUIRE(file.places.size() == 2);
    CHECK(file.places[0].text("dispositif_programmes_nationaux") == "Conseillers numériques|France Services|Aidants Connect");
    CHECK(file.places[0].text("frais_a_charge") == "Gratuit");
    CHECK(file.places[0].text("inconnu") == R"({"x":[1]})");
    CHECK(file.places[0].position == Position{48'845'000, 2'375'200});
    CHECK(file.places[1].list("frais_a_charge") == std::vector<std::string>{"Gratuit", "Payant"});
    CHECK(has(said(file.refused), "2 an object with the scheme's columns is expected"));
    CHECK(has(said(file.refused), "3 nom: is missing"));
}

TEST_CASE("of an old and a new name of one column both are kept where both say something") {
    const auto file = file_of("id,nom,conditions_access,frais_a_charge\na,A,Gratuit,Payant\n");
    CHECK(file.places.at(0).text("frais_a_charge") == "Payant");
    CHECK(file.places.at(0).text("conditions_access") == "Gratuit");
}

TEST_CASE("a file without one place says why, and one that is no directory too") {
    const auto complaint = [](const std::string& text) {
        const auto read = read_places(text, "lieux.csv");
        return read ? std::string{} : read.error().message;
    };
    CHECK(complaint("").find("lieux.csv: is empty") == 0);
    CHECK(complaint("a,b\n1,2\n").find("the column \"id\" is missing") != std::string::npos);
    CHECK(complaint("id,nom\n,A\n").find("not one row is a place's; the first, 2: id: is missing") != std::string::npos);
    CHECK(complaint("{\"a\":1}").find("a list of places is expected") != std::string::npos);
    CHECK(complaint("[{\"id\":1,\"id\":2}]").find("lieux.csv: ") == 0);
    CHECK(read_places(R"({"format":2,"requires":[],"places":[]})", "x").error().category == Category::refused);
    CHECK(read_places(R"({"format":1,"requires":["x"],"places":[]})", "x").error().category == Category::refused);
    CHECK(read_places("id,nom\n", "x"));
}

TEST_CASE("the document gives back what went into it") {
    auto places = file_of(head + row("horaires", "Mo-Fr 09:00-12:00") + row("id", "b") + row("id", "")).places;
    places[1].position.reset();
    const std::string document = serialise(places);
    CHECK(document.find(":48.") == std::string::npos); // no floating-point numbers in documents
    const auto again = read_places(document, "places");
    REQUIRE(again);
    for (ListedPlace& place : places)
        if (place.position)
            std::erase_if(place.columns, [](const auto& column) { return column.first == "latitude" || column.first == "longitude"; });
    // The second was read again from its columns.
    CHECK(again->places.at(0) == places.at(0));
    CHECK(again->places.at(1).position == Position{48'750'000, 2'290'000});
    CHECK(again->refused.empty());
}

TEST_CASE("of one place in two files the row confirmed later counts, and the other is said") {
    const auto old_file = file_of("id,nom,date_maj\na,Ancien,2025-01-01\nb,B,2026-01-01\n");
    const auto new_file = file_of("id,nom,date_maj\na,Nouveau,2026-01-01\nb,B ancien,2025-01-01\nc,C,2026-01-01\n");
    const auto merged = merge_places({old_file, new_file});
    CHECK(merged.rows == 5);
    REQUIRE(merged.places.size() == 3);
    CHECK(merged.places[0].text("nom") == "Nouveau");
    CHECK(merged.places[1].text("nom") == "B");
    CHECK(merged.refused.size() == 2);
}

TEST_CASE("of the real files every row is taken or refused by row, and nothing of it is lost") {
    const auto [name, rows, without_position] = GENERATE(table<std::string, std::size_t, std::size_t>(
        {{"lieux_92_2022.csv", 61, 1}, {"lieux_idf_2022.json", 241, 0}, {"lamednum_exemple_valide.csv", 1, 0}}));
    const auto text = shared(name);
    if (!text)
        return;
    const auto file = read_places(*text, name);
    REQUIRE(file);
    CHECK(file->rows == rows);
    CHECK(file->places.size() + file->refused.size() == rows);
    CHECK(file->refused.empty());
    std::set<std::string> ids;
    for (const ListedPlace& place : file->places) {
        ids.insert(place.text("id"));
        for (const auto& [column, value] : place.columns) {
            CHECK_FALSE(value.empty());
            // Each value stands in the file, but for words brought to the scheme's and quotation marks that are doubled there.
            if (column != "dispositif_programmes_nationaux" && value.find('"') == std::string::npos)
                CHECK(text->find(value) != std::string::npos);
        }
    }
    CHECK(ids.size() == rows);
    CHECK(static_cast<std::size_t>(std::count_if(file->places.begin(), file->places.end(),
                                                 [](const ListedPlace& place) { return !place.position; })) == without_position);
    CHECK(read_places(serialise(file->places), "again")->places.size() == rows);
}

TEST_CASE("the scheme's own example is wrong in nothing") {
    const auto text = shared("lamednum_exemple_valide.csv");
    if (!text)
        return;
    const auto file = read_places(*text, "lamednum_exemple_valide.csv");
    REQUIRE(file);
    CHECK(said(file->remarks) == std::vector<std::string>{});
    CHECK(file->places.at(0).columns.size() == 32); // every column of the scheme
}
