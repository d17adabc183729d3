int askew_placeholder(void);
