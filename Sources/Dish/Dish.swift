// Dish
