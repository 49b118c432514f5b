#include "content/drawing/pictogram.hpp"

#include "content/drawing/pictogram_pen.hpp"

#include <algorithm>

namespace capsule {

void draw_pictogram(Canvas& canvas, Pictogram pictogram, const Box& box, const PictogramColours& colours) {
    const double side = std::min(box.width, box.height);
    canvas.save();
    canvas.translate(box.x + (box.width - side) / 2, box.y + (box.height - side) / 2);
    canvas.scale(side / 100);
    PictogramPen pen{canvas, colours.main, colours.accent, colours.ground};
    if (!draw_thing(pen, pictogram))
        draw_people_or_place(pen, pictogram);
    canvas.restore();
}

const std::vector<std::pair<std::string_view, Pictogram>>& all_pictograms() {
    using enum Pictogram;
    static const std::vector<std::pair<std::string_view, Pictogram>> all{
        {"key", key}, {"keys", keys}, {"lock", lock}, {"password", password}, {"phone", phone}, {"phone-refused", phone_refused},
        {"text-size", text_size}, {"message", message}, {"envelope", envelope}, {"hook", hook}, {"window", window},
        {"window-checked", window_checked}, {"stop", stop}, {"shield", shield}, {"bank", bank}, {"laptop", laptop},
        {"laptop-question", laptop_question}, {"laptop-heart", laptop_heart}, {"two-people", two_people}, {"group", group},
        {"family", family}, {"speech", speech}, {"speech-question", speech_question}, {"heart", heart}, {"pin", pin},
        {"checklist", checklist}, {"papers", papers}, {"signature", signature}, {"reception", reception}, {"clock", clock},
        {"calendar", calendar}, {"undo", undo}, {"gear", gear}, {"toggle", toggle}, {"meal", meal}, {"school", school}, {"home", home},
        {"door", door}, {"person-card", person_card}, {"cursor", cursor}, {"lifebuoy", lifebuoy}, {"info", info},
        {"together", together}, {"wrench", wrench}};
    return all;
}

std::optional<Pictogram> pictogram_named(std::string_view name) {
    const auto& all = all_pictograms();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == all.end())
        return std::nullopt;
    return found->second;
}

} // namespace capsule
