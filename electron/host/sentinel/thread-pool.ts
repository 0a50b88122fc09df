/**
 * Imported first by the sentinel, for its effect: the size of the thread pool must be set before anything reads it.
 * One thread for each start that may be held, so that a read that never returns takes none from the others.
 */
process.env['UV_THREADPOOL_SIZE'] = '64';
