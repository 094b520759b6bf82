package io.millrace.samples.codecs;

import io.millrace.codec.ShortArrayView;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.samples.codecs.Sounding.Place;
import io.millrace.samples.codecs.Sounding.Quality;

/** Finds the loudest of an echo's samples, of which there are ten a meter. */
public final class Sounder implements Operator {
    private static final int FAINT = 1000;

    private final ShortArrayView echo = new ShortArrayView();
    private Output soundings;

    @Override
    public void open(NodeContext context) {
        soundings = context.output("soundings");
    }

    @Override
    public void onInput(Input input, Message message) {
        echo.wrap(message);
        int loudest = 0;
        for (int i = 1; i < echo.length(); i++) {
            if (echo.get(i) > echo.get(loudest)) {
                loudest = i;
            }
        }
        boolean faint = echo.length() == 0 || echo.get(loudest) < FAINT;
        Sounding sounding = new Sounding(
                message.time().toEpochMilli(),
                new Place(37.93, 23.64),
                loudest / 10f,
                faint ? Quality.FAINT : Quality.CLEAR,
                faint ? "is the sounder in the water?" : null);
        Sounding.CODEC.send(soundings, sounding);
    }
}
