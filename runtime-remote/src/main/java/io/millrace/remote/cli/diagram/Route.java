package io.millrace.remote.cli.diagram;

/** The way of a wire, as the data of an SVG path: level stretches, and curves that begin and end level. */
final class Route {
    private final StringBuilder path = new StringBuilder();
    private double x;
    private double y;
    private boolean isLevel;

    Route(double x, double y) {
        this.x = x;
        this.y = y;
        path.append('M').append(point(x, y));
    }

    /** Straight to {@code toX}, at the same height. */
    Route levelTo(double toX) {
        isLevel |= toX != x;
        x = toX;
        return this;
    }

    /** Several level stretches in a row are written as one. */
    private void writeLevel() {
        if (isLevel) {
            path.append('H').append(Svg.number(x));
            isLevel = false;
        }
    }

    /** To another column, level at both ends. */
    Route curveTo(double toX, double toY) {
        if (Math.abs(toY - y) < 0.5) {
            y = toY;
            return levelTo(toX);
        }
        double middle = (x + toX) / 2;
        return cubic(middle, y, middle, toY, toX, toY);
    }

    /** Round in a bow that reaches out by {@code bow}, to the left if negative, and back to the same x at another height. */
    Route turnTo(double toY, double bow) {
        double reach = x + bow / 0.75;
        return cubic(reach, y, reach, toY, x, toY);
    }

    private Route cubic(double x1, double y1, double x2, double y2, double toX, double toY) {
        writeLevel();
        path.append('C').append(point(x1, y1)).append(' ').append(point(x2, y2));
        path.append(' ').append(point(toX, toY));
        x = toX;
        y = toY;
        return this;
    }

    private static String point(double x, double y) {
        return Svg.number(x) + "," + Svg.number(y);
    }

    String pathText() {
        writeLevel();
        return path.toString();
    }
}
