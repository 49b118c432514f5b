#include "player/overlay/nearby_card.hpp"

#include "content/drawing/pictogram.hpp"
#include "player/overlay/caption_size.hpp"
#include "player/overlay/card_look.hpp"

#include <cmath>
#include <optional>

namespace capsule {

namespace {

constexpr std::size_t most_places = 4;
constexpr double line_height = 1.22, row_gap = 0.45; // in em
constexpr double detail = 0.85;                     // size of address, telephone and notes against name and hours
const std::string title = "Près d’ici, on vous aide";

// What is drawn of one line of a place, before it is known where.
struct Piece {
    TextBlock block;
    double x = 0;
    Colour colour;
};
struct Line {
    std::vector<Piece> pieces;
    double height = 0;
};
struct Row {
    TextBlock distance;
    std::vector<Line> lines;
    double height = 0;
};

TextStyle plain(double em, Weight weight, int lines = 1) {
    auto style = look::style(em, weight, "fr", em);
    style.line_spacing = line_height;
    style.most_lines = lines;
    return style;
}

// Cut at words until it fits.
TextBlock fitted(std::string text, double width, const TextStyle& style) {
    const double height = style.size * line_height * (style.most_lines + 0.2);
    auto block = lay_out(text, width, height, style);
    while (!block.fits && text.find(' ') != std::string::npos) {
        text.erase(text.rfind(' '));
        block = lay_out(text + "…", width, height, style);
    }
    return block;
}

// Where things go; lengths in pixels.
struct Frame {
    bool landscape = true;
    double margin = 0, head = 0, foot = 0, column = 0; // column: of the distances, beside the lines in landscape
    double text_width = 0, room = 0;                   // room: height for all rows
};

Frame frame_of(Size stage, double em) {
    const double u = look::unit(stage);
    Frame frame;
    frame.landscape = stage.width >= stage.height;
    frame.margin = (frame.landscape ? 84 : 64) * u;
    frame.head = (frame.landscape ? 140 : 240) * u;
    frame.foot = (frame.landscape ? 76 : 140) * u;
    frame.column = frame.landscape ? em * 4.7 : 0;
    frame.text_width = stage.width - 2 * frame.margin - frame.column;
    frame.room = stage.height - frame.head - frame.foot;
    return frame;
}

Row lay_out_row(const NearbyCard::Entry& place, const Frame& frame, double em) {
    Row row;
    const TextStyle bold = plain(em, Weight::bold), regular = plain(em * detail, Weight::regular);
    row.distance = lay_out(place.distance, frame.landscape ? frame.column - em * 0.6 : frame.text_width, em * line_height * 2.2,
                           plain(em, Weight::bold, 2));
    const auto add = [&](Line line) {
        for (const Piece& piece : line.pieces)
            line.height = std::max(line.height, piece.block.height);
        row.height += line.height;
        row.lines.push_back(std::move(line));
    };
    const auto add_wrapped = [&](const std::string& text, TextStyle style, Colour colour) {
        style.most_lines = 2;
        if (!text.empty())
            add({{{fitted(text, frame.text_width, style), 0, colour}}, 0});
    };
    // Two texts in one line where there is room, else one below the other.
    const auto add_pair = [&](const std::string& first, const TextStyle& style, Colour colour, const std::string& second,
                              const TextStyle& follows, Colour other) {
        const double used = first.empty() ? 0 : line_width(first, style) + em * 0.8;
        if (first.empty() || second.empty() || used + line_width(second, follows) > frame.text_width) {
            add_wrapped(first, style, colour);
            add_wrapped(second, follows, other);
            return;
        }
        add({{{fitted(first, frame.text_width, style), 0, colour}, {fitted(second, frame.text_width - used, follows), used, other}}, 0});
    };
    add({{{fitted(place.name, frame.text_width, plain(em * 1.06, Weight::bold, frame.landscape ? 1 : 2)), 0, look::text}}, 0});
    std::string notes;
    for (const std::string& note : place.notes)
        notes += (notes.empty() ? "" : "\u00a0· ") + note; // the dot ends a line, it does not begin one
    const Colour hours = place.open ? look::accent : look::text;
    if (frame.landscape) {
        add_pair(place.opening, bold, hours, notes, regular, look::text);
    } else {
        add_pair(place.distance, bold, look::accent, place.opening, bold, hours);
        add_wrapped(notes, regular, look::text);
    }
    add_pair(place.address, regular, look::soft, place.telephone, regular, look::text);
    if (frame.landscape)
        row.height = std::max(row.height, row.distance.height);
    return row;
}

struct Rows {
    double em = 0;
    std::vector<Row> rows;
};

// At the largest size at which `count` places fit; empty when they do not at the least.
std::optional<Rows> rows_of(const NearbyCard& card, Size stage, std::size_t count) {
    const auto size = caption_size(stage, card.diagonal_mm, card.distance_mm);
    for (int step = 0; step <= 6; ++step) {
        Rows rows{size.em + (size.least_em - size.em) * step / 6, {}};
        const Frame frame = frame_of(stage, rows.em);
        double height = rows.em * row_gap * static_cast<double>(count);
        for (std::size_t i = 0; i < count; ++i) {
            rows.rows.push_back(lay_out_row(card.places[i], frame, rows.em));
            height += rows.rows.back().height;
        }
        if (height <= frame.room || (count == 1 && step == 6))
            return rows;
    }
    return std::nullopt;
}

std::optional<Rows> best_rows(const NearbyCard& card, Size stage) {
    for (std::size_t count = std::min(card.places.size(), most_places); count > 0; --count)
        if (auto rows = rows_of(card, stage, count))
            return rows;
    return std::nullopt;
}

void draw_rows(Canvas& canvas, const Rows& drawn, const Frame& frame) {
    double total = 0;
    for (const Row& row : drawn.rows)
        total += row.height;
    const auto count = static_cast<double>(drawn.rows.size());
    // What is left of the height goes between the rows, and not too much of it.
    const double gap = std::min((frame.room - total) / count, drawn.em * 1.9);
    double y = frame.head + std::max(0.0, (frame.room - total - gap * count) / 2 * 0.6);
    for (const Row& row : drawn.rows) {
        const double width = canvas.size().width - 2 * frame.margin;
        canvas.rectangle({frame.margin, std::round(y), width, std::max(2.0, std::round(drawn.em * 0.035))}).fill(look::soft.faded(0.35));
        double line_y = y + gap * 0.55;
        if (frame.landscape)
            canvas.text(row.distance, {frame.margin, line_y, frame.column, row.distance.height}, look::accent);
        for (const Line& line : row.lines) {
            for (const Piece& piece : line.pieces) // on one base line
                canvas.text(piece.block, {frame.margin + frame.column + piece.x, line_y + (line.height - piece.block.height) * 0.78,
                                          frame.text_width - piece.x + drawn.em, piece.block.height},
                            piece.colour);
            line_y += line.height;
        }
        y += row.height + gap;
    }
}

} // namespace

std::size_t places_that_fit(const NearbyCard& card, Size stage) {
    const auto rows = best_rows(card, stage);
    return rows ? rows->rows.size() : 0;
}

Picture draw_nearby_card(const NearbyCard& card, Size stage) {
    const double u = look::unit(stage), width = stage.width, height = stage.height;
    Canvas canvas(stage);
    look::ground(canvas);
    const auto rows = best_rows(card, stage);
    const double em = rows ? rows->em : 60 * u;
    const Frame frame = frame_of(stage, em);

    const double icon = (frame.landscape ? 92 : 108) * u, middle = frame.head * 0.52;
    draw_pictogram(canvas, Pictogram::pin, {frame.margin - 14 * u, middle - icon / 2, icon, icon},
                   {look::accent, look::accent, look::deep});
    auto headline = look::style((frame.landscape ? 76 : 78) * u, Weight::bold, "fr", 44 * u);
    headline.most_lines = 1;
    headline.place = Place::middle;
    canvas.text(title, {frame.margin + icon + 16 * u, 0, width - 2 * frame.margin - icon - 16 * u, middle * 2}, headline, look::text);
    if (rows)
        draw_rows(canvas, *rows, frame);
    auto small = look::style(em * 0.62, Weight::regular, "fr", 20 * u);
    small.most_lines = frame.landscape ? 1 : 2;
    small.place = Place::middle;
    canvas.text(card.source, {frame.margin, height - frame.foot, width - 2 * frame.margin, frame.foot - 18 * u}, small, look::soft);
    return canvas.copy();
}

} // namespace capsule
