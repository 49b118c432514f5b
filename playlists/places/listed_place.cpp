#include "playlists/places/listed_place.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace capsule {

const std::string& ListedPlace::text(std::string_view column) const {
    static const std::string none;
    const auto found = columns.find(column);
    return found == columns.end() ? none : found->second;
}

std::vector<std::string> ListedPlace::list(std::string_view column) const {
    std::vector<std::string> values;
    const std::string& all = text(column);
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find('|', at), all.size());
        values.push_back(all.substr(at, end - at));
        at = end + 1;
    }
    return values;
}

bool ListedPlace::has(std::string_view column, std::string_view value) const {
    const auto values = list(column);
    return std::find(values.begin(), values.end(), value) != values.end();
}

double distance_metres(const Position& from, const Position& to) {
    if (from == to)
        return 0;
    constexpr double a = 6'378'137.0, f = 1 / 298.257223563, b = a * (1 - f); // WGS84
    const auto radians = [](std::int64_t degrees_e6) { return static_cast<double>(degrees_e6) * 1e-6 * std::numbers::pi / 180; };
    const double u1 = std::atan((1 - f) * std::tan(radians(from.latitude_e6)));
    const double u2 = std::atan((1 - f) * std::tan(radians(to.latitude_e6)));
    const double l = radians(to.longitude_e6 - from.longitude_e6);
    const double sin_u1 = std::sin(u1), cos_u1 = std::cos(u1), sin_u2 = std::sin(u2), cos_u2 = std::cos(u2);
    double lambda = l;
    for (int round = 0; round < 100; ++round) {
        const double sin_lambda = std::sin(lambda), cos_lambda = std::cos(lambda);
        const double sin_sigma = std::hypot(cos_u2 * sin_lambda, cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_lambda);
        const double cos_sigma = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_lambda;
        if (sin_sigma == 0)
            return cos_sigma > 0 ? 0 : std::numbers::pi * b;
        const double sigma = std::atan2(sin_sigma, cos_sigma);
        const double sin_alpha = cos_u1 * cos_u2 * sin_lambda / sin_sigma, cos2_alpha = 1 - sin_alpha * sin_alpha;
        const double cos_2m = cos2_alpha == 0 ? 0 : cos_sigma - 2 * sin_u1 * sin_u2 / cos2_alpha; // 0: along the equator
        const double c = f / 16 * cos2_alpha * (4 + f * (4 - 3 * cos2_alpha));
        const double before = lambda;
        lambda = l + (1 - c) * f * sin_alpha * (sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (2 * cos_2m * cos_2m - 1)));
        if (std::fabs(lambda - before) > 1e-12)
            continue;
        const double square = cos2_alpha * (a * a - b * b) / (b * b);
        const double big_a = 1 + square / 16384 * (4096 + square * (-768 + square * (320 - 175 * square)));
        const double big_b = square / 1024 * (256 + square * (-128 + square * (74 - 47 * square)));
        const double correction = big_b * sin_sigma *
                                  (cos_2m + big_b / 4 *
                                                (cos_sigma * (2 * cos_2m * cos_2m - 1) -
                                                 big_b / 6 * cos_2m * (4 * sin_sigma * sin_sigma - 3) * (4 * cos_2m * cos_2m - 3)));
        return b * big_a * (sigma - correction);
    }
    const double sine = std::sin(radians(to.latitude_e6 - from.latitude_e6) / 2), cosine = std::sin(l / 2);
    const double h = sine * sine + std::cos(radians(from.latitude_e6)) * std::cos(radians(to.latitude_e6)) * cosine * cosine;
    return 2 * 6'371'008.8 * std::asin(std::min(1.0, std::sqrt(h)));
}

} // namespace capsule
