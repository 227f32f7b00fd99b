package io.netchannel.kernel.storage.ramfs;

/** The one path of a place that has no links in it. Threading: the tree's lock. */
final class RealPath {

    private RealPath() {
    }

    static String of(final NameLookup.Place place) {
        final StringBuilder path = new StringBuilder();
        if (place.isNamed()) {
            path.append('/').append(place.name());
            prepend(path, place.parent());
        } else {
            prepend(path, (Directory) place.found());
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static void prepend(final StringBuilder path, final Directory directory) {
        for (Directory at = directory; at.parent() != at; at = at.parent()) {
            path.insert(0, "/" + at.parent().nameOf(at));
        }
    }
}
