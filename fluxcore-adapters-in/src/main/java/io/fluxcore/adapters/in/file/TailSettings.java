package io.fluxcore.adapters.in.file;

import io.fluxcore.adapters.in.format.RecordFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How files are followed.
 *
 * @param fromEnd whether reading begins at the end of files that are there at the first start
 * @param pollInterval from one look at the files to the next
 * @param rotateWait how long a file that was renamed or deleted must stand still until its last
 *     line counts as whole though it has no end
 * @param lineTimeout the same of a file that is written to; null: its last line waits for its end
 */
record TailSettings(
    RecordFormat format,
    int maxRecordBytes,
    boolean fromEnd,
    Duration pollInterval,
    Duration rotateWait,
    @Nullable Duration lineTimeout) {}
