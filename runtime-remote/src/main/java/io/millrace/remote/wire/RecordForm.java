package io.millrace.remote.wire;

import java.lang.invoke.MethodHandle;
import java.util.List;

/** A record: its components in order. */
final class RecordForm implements Form {
    private final Class<?> type;

    private final MethodHandle constructor;

    // Set once, before the form is handed out: a record may hold itself.
    private List<Part> parts = List.of();

    /** @param constructor {@code (Object[])Object} */
    RecordForm(Class<?> type, MethodHandle constructor) {
        this.type = type;
        this.constructor = constructor;
    }

    void complete(List<Part> components) {
        parts = List.copyOf(components);
    }

    @Override
    public void write(Object value, WireWriter writer) {
        writer.enter();
        if (parts.isEmpty()) {
            writer.writeByte(0);
        }
        for (Part part : parts) {
            try {
                part.write(value, writer);
            } catch (WireFormatException e) {
                throw e.within("." + part.name);
            }
        }
        writer.leave();
    }

    @Override
    public Object read(WireReader reader) {
        reader.enter();
        if (parts.isEmpty() && reader.readByte() != 0) {
            throw new WireFormatException("a record without components is not empty");
        }
        Object[] values = new Object[parts.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = parts.get(i).form.read(reader);
            } catch (WireFormatException e) {
                throw e.within("." + parts.get(i).name);
            }
        }
        reader.leave();
        return construct(values);
    }

    private Object construct(Object[] values) {
        try {
            return (Object) constructor.invokeExact(values);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable refused) {
            throw new WireFormatException(type.getSimpleName() + " refuses this: " + refused.getMessage(), refused);
        }
    }

    /**
     * One component.
     *
     * @param getter {@code (Object)Object}
     */
    record Part(String name, MethodHandle getter, Form form) {
        private void write(Object owner, WireWriter writer) {
            Object value = get(owner);
            if (value == null && form != AnyForm.ANY) {
                throw new WireFormatException("is null");
            }
            form.write(value, writer);
        }

        private Object get(Object owner) {
            try {
                return (Object) getter.invokeExact(owner);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new WireFormatException("cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
