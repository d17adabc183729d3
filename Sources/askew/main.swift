print("askew")
