package io.millrace.local.arrow;

import java.util.function.IntToLongFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.NonNullableStructVector;
import org.apache.arrow.vector.util.ValueVectorUtility;

/**
 * Looks at every offset of columns that were read, so that whoever then takes a value stays within them. Arrow's own full validation accepts a negative first
 * offset and refuses every list of fixed size, so only its check of types and buffers is used.
 */
final class ColumnCheck {
    private ColumnCheck() {}

    /** @throws IllegalArgumentException naming the column that is damaged, or of a type that is not supported */
    static void check(VectorSchemaRoot root) {
        root.getFieldVectors().forEach(ColumnCheck::checkSupported);
        ValueVectorUtility.validate(root);
        root.getFieldVectors().forEach(ColumnCheck::check);
    }

    private static void checkSupported(FieldVector column) {
        boolean isSupported = column instanceof BaseFixedWidthVector
                || column instanceof BaseVariableWidthVector
                || column instanceof BaseLargeVariableWidthVector
                || column instanceof ListVector && !(column instanceof MapVector) // which Arrow cannot validate
                || column instanceof LargeListVector
                || column instanceof FixedSizeListVector
                || column instanceof NonNullableStructVector
                || column instanceof NullVector;
        if (!isSupported) {
            throw refused(column, "is of type " + column.getField().getType() + ", which is not supported");
        }
        column.getChildrenFromFields().forEach(ColumnCheck::checkSupported);
    }

    private static void check(FieldVector column) {
        if (column instanceof BaseVariableWidthVector texts) {
            checkOffsets(column, ints(column), texts.getDataBuffer().capacity());
            texts.validateScalars();
        } else if (column instanceof BaseLargeVariableWidthVector texts) {
            checkOffsets(column, longs(column), texts.getDataBuffer().capacity());
            texts.validateScalars();
        } else if (column instanceof ListVector list) {
            checkOffsets(column, ints(column), list.getDataVector().getValueCount());
        } else if (column instanceof LargeListVector list) {
            checkOffsets(column, longs(column), list.getDataVector().getValueCount());
        } else if (column instanceof FixedSizeListVector list) {
            long needed = (long) list.getListSize() * list.getValueCount();
            if (list.getListSize() < 0 || list.getDataVector().getValueCount() < needed) {
                throw refused(column, "has fewer values than its lists need, " + needed);
            }
        }
        column.getChildrenFromFields().forEach(ColumnCheck::check);
    }

    private static IntToLongFunction ints(FieldVector column) {
        ArrowBuf offsets = column.getOffsetBuffer();
        return index -> offsets.getInt((long) index * Integer.BYTES);
    }

    private static IntToLongFunction longs(FieldVector column) {
        ArrowBuf offsets = column.getOffsetBuffer();
        return index -> offsets.getLong((long) index * Long.BYTES);
    }

    private static void checkOffsets(FieldVector column, IntToLongFunction offsets, long end) {
        long previous = 0;
        for (int i = 0; i <= column.getValueCount() && column.getValueCount() > 0; i++) {
            long offset = offsets.applyAsLong(i);
            if (offset < previous || offset > end) {
                throw refused(
                        column,
                        "has " + offset + " for its offset " + i + ", expected one within " + previous + " to " + end);
            }
            previous = offset;
        }
    }

    private static IllegalArgumentException refused(FieldVector column, String why) {
        return new IllegalArgumentException("column '" + column.getName() + "' " + why);
    }
}
