/* The smallest dynamic program: all its cost is its start. */
int main(void) { return 0; }
