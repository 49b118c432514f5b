// The captions of one item, if it has any that can be read. Made on the preparing thread, then used by the presenting thread alone.
#pragma once

#include "content/drawing/picture.hpp"
#include "player/playback/item.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace capsule {

class Captions {
public:
    // Of an item without captions, or whose captions cannot be read: none. What people should know is logged, but for the lines in
    // `said`, which grows by them: an item comes again and again.
    static Captions open(const PlayItem& item, Size stage, std::set<std::string>& said);
    Captions();
    Captions(Captions&&) noexcept;
    Captions& operator=(Captions&&) noexcept;
    ~Captions();

    // From now on for a stage of that size; nothing is done when it is the same. Where that fails they stay as they are until the next call.
    void fit(Size stage);
    // What to blend over the picture at that time of the item, above the line `bottom` of the stage. Good until the next call.
    const std::vector<PlacedPicture>& at(Nanoseconds time, int bottom);
    // Of what was drawn so far: the language, or empty when nothing was.
    const std::string& drawn() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace capsule
