int askew_placeholder(void){return 0;}
